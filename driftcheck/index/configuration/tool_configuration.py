"""What pip's and uv's own configuration say together.

driftcheck predicts what pip installs, so where both say something, pip's word holds, a whole list at a time.
What pip leaves open uv fills, one setting at a time: a project that names its index only in `[tool.uv]` must
not hear that its packages do not exist because somebody's pip.conf holds a `find-links`. Two exceptions: uv's
`no-index` counts only if pip names no index, and uv's `SSL_CERT_FILE` only if requests, which pip uses, is
told nothing (`REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

from driftcheck.index.configuration.pip_configuration import read_pip_configuration
from driftcheck.index.configuration.tool_settings import ToolSettings
from driftcheck.index.configuration.uv_configuration import read_uv_configuration
from driftcheck.model.project import FormatControl, IndexOptions
from driftcheck.model.settings import ConnectionSettings, ToolConfiguration


def discover(environment: Mapping[str, str], folder: Path) -> ToolConfiguration:
    """Return what pip and uv would take from their configuration files and variables when run in `folder`.

    Raises:
        SettingsError: a file or a variable means nothing; the message names it and the key.
    """
    folder = folder.absolute()
    pip = read_pip_configuration(environment, folder=folder)
    uv = read_uv_configuration(environment, folder=folder)
    if pip.index_url is not None or pip.extra_index_urls is not None:
        uv = replace(uv, no_index=None)
    if environment.get("REQUESTS_CA_BUNDLE") or environment.get("CURL_CA_BUNDLE"):
        uv = replace(uv, cert=None)
    return _configuration(_filled(pip, uv))


def _filled(strong: ToolSettings, weak: ToolSettings) -> ToolSettings:
    said = {f.name: getattr(strong, f.name) for f in fields(strong) if getattr(strong, f.name) is not None}
    return replace(weak, **{**said, "sources": (*weak.sources, *strong.sources)})


def _configuration(said: ToolSettings) -> ToolConfiguration:
    plain = ConnectionSettings()
    return ToolConfiguration(
        options=IndexOptions(
            index_url=said.index_url,
            extra_index_urls=said.extra_index_urls or (),
            find_links=said.find_links or (),
            no_index=said.no_index or False,
            trusted_hosts=said.trusted_hosts or (),
            format_control=said.format_control or FormatControl(),
            prefer_binary=said.prefer_binary or False,
            pre=said.pre or False,
            require_hashes=said.require_hashes or False,
        ),
        connection=ConnectionSettings(
            cert=said.cert,
            client_cert=said.client_cert,
            keyring_provider=said.keyring_provider or plain.keyring_provider,
            timeout_s=plain.timeout_s if said.timeout_s is None else said.timeout_s,
            retries=plain.retries if said.retries is None else said.retries,
            proxy=said.proxy,
        ),
        is_offline=said.is_offline or False,
        sources=said.sources,
    )
