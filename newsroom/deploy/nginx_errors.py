"""Writes nginx's error messages to the standard output, without what they say about a reader.

The standard input is the datagram socket to which nginx sends them. What nginx appends to a message
begins with ``, client: ADDRESS`` and goes on with the request, its query and the referrer.
"""

import re
import socket
import sys

LONGEST = 8_192  # bytes; nginx sends 2,048 at most
HEAD = re.compile(r"<(\d+)>.*? nginx: ")


def strip_reader(message):
    """Return a message as systemd's journal takes it: its severity and nginx's own words."""
    head = HEAD.match(message)
    severity = int(head[1]) % 8 if head else 3
    return f"<{severity}>{message[head.end() if head else 0 :].partition(', client: ')[0]}"


def main():
    with socket.socket(fileno=sys.stdin.fileno()) as messages:
        while True:
            message = messages.recv(LONGEST).decode(errors="replace")
            sys.stdout.write(strip_reader(message).rstrip("\n") + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
