"""Binds the datagram socket argv[1] (`@` begins an abstract name), and prints each message as a line of JSON."""
import json
import socket
import sys

address = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind("\0" + address[1:] if address.startswith("@") else address)
print("bound", flush=True)
while True:
    message = receiver.recv(65536).decode()
    print(json.dumps(dict(line.split("=", 1) for line in message.splitlines())), flush=True)
