"""``python -m ops.probe [/readyz]``: is the web server of this container healthy?

Asks by the portal's own host name, since any other is refused, and without loading Django.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit


def main(path: str = "/healthz") -> int:
    """0 if the path answers 200, otherwise 1."""
    host = urlsplit(os.environ.get("PORTAL_URL", "")).netloc or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", path, headers={"Host": host})
        return int(connection.getresponse().status != http.HTTPStatus.OK)
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
