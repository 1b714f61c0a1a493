"""The indexes: the only part of driftcheck that talks to the network and keeps what it heard."""
