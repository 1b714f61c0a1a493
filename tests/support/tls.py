"""Certificates for a local index: a throwaway authority, a server and a client that it vouches for."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """A throwaway authority and what it signed. Files are PEM."""

    authority: trustme.CA
    ca_file: Path
    """What a client must trust."""
    client_file: Path
    """A client's certificate and key in one file."""

    def server_context(self, *, require_client: bool = False) -> ssl.SSLContext:
        """Returns what `IndexServer(ssl_context=…)` takes.

        Args:
            require_client: Whether a client without a certificate of this authority is turned away.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        if require_client:
            context.verify_mode = ssl.CERT_REQUIRED
            self.authority.configure_trust(context)
        return context


def make_certificates(folder: Path) -> Certificates:
    """Makes an authority and a client certificate, and writes both into `folder`."""
    authority = trustme.CA()
    ca_file, client_file = folder / "ca.pem", folder / "client.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    authority.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(str(client_file))
    return Certificates(authority=authority, ca_file=ca_file, client_file=client_file)
