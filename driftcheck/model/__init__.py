"""The frozen data that the six steps hand to each other; imports only the standard library and packaging."""
