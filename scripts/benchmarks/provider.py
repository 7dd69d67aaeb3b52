#!/usr/bin/python3
"""A provider of SMS on loopback for the benchmark: real TLS, connections that stay open, and the same answer to everything.

What is sent to Vonage's API is taken; what is sent to Twilio's is never answered. Two processes share the port. Each line
on standard output is the port, at first, and then `connection` for each one that was opened.

usage: provider.py CERTIFICATE KEY
"""

import os
import signal
import socket
import ssl
import sys
import threading

BODY = b'{"message-count":"1","messages":[{"to":"447700900000","message-id":"0C000000217B7F02","status":"0"}]}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


def say(text):
    os.write(1, text.encode() + b"\n")


def serve(connection, context):
    try:
        stream = context.wrap_socket(connection, server_side=True)
        say("connection")
        waiting = b""
        while chunk := stream.recv(65536):
            waiting += chunk
            while (end := waiting.find(b"\r\n\r\n")) >= 0:
                head = waiting[:end].lower()
                start = head.index(b"content-length:") + len(b"content-length:")
                length = int(head[start:].split(b"\r\n", 1)[0])
                if len(waiting) < end + 4 + length:
                    break
                waiting = waiting[end + 4 + length:]
                if not head.startswith(b"post /2010-04-01/"):
                    stream.sendall(ANSWER)
    except OSError:
        pass  # The client left.


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[1:])
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    say(str(listener.getsockname()[1]))
    child = os.fork()
    if child:
        signal.signal(signal.SIGTERM, lambda *_: (os.kill(child, signal.SIGTERM), os._exit(0)))
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(connection, context), daemon=True).start()


if __name__ == "__main__":
    main()
