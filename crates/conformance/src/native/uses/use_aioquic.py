import datetime

from aioquic.buffer import Buffer
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.crypto import CryptoPair
from aioquic.quic.packet import QuicProtocolVersion
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.datetime(2026, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + datetime.timedelta(days=3650))
    return made.sign(key, hashes.SHA256()), key


def exchange(one, other, addresses):
    for data, _ in one.datagrams_to_send(now=1.0):
        other.receive_datagram(data, addresses, now=1.0)


def use():
    certified, key = certificate()
    client = QuicConnection(configuration=QuicConfiguration(is_client=True, verify_mode=0, alpn_protocols=["x"]))
    options = QuicConfiguration(is_client=False, certificate=certified, private_key=key, alpn_protocols=["x"])
    server = QuicConnection(configuration=options, original_destination_connection_id=client.original_destination_connection_id)
    client.connect(("1.2.3.4", 1234), now=1.0)
    for _ in range(4):
        exchange(client, server, ("1.2.3.5", 1))
        exchange(server, client, ("1.2.3.4", 1234))
    events = []
    while (event := client.next_event()) is not None:
        events.append(type(event).__name__)
    buffer = Buffer(capacity=8)
    buffer.push_uint_var(494878333)
    pair = CryptoPair()
    pair.setup_initial(bytes(8), is_client=True, version=QuicProtocolVersion.VERSION_1)
    return [buffer.data.hex(), pair.encrypt_packet(b"\xc3" + bytes(20), bytes(30), 1).hex()[:20], "HandshakeCompleted" in events]
