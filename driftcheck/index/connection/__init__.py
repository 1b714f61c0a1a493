"""How bytes come: HTTP with one TLS context, retries, logins and limits, and files of this machine."""
