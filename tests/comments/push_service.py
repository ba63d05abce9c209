"""A push service on loopback, with a certificate of its own, and the keys of a browser."""

import datetime
import ipaddress
import ssl
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID

from comments.web_push.messages import encode

RAW = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
AUTH = b"sixteen bytes of"


class Browser:
    """The keys that a browser makes for one subscription."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.point = self._key.public_key().public_bytes(*RAW)
        self.keys = {"p256dh": encode(self.point), "auth": encode(AUTH)}

    def decrypt(self, body):
        salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
        point, sealed = body[21 : 21 + length], body[21 + length :]
        assert size >= len(sealed)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        info = b"WebPush: info\0" + self.point + point
        shared = derive(self._key.exchange(ec.ECDH(), theirs), AUTH, info, 32)
        key = derive(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(shared, salt, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, sealed, None)
        assert text.endswith(b"\x02")
        return text[:-1]


def derive(secret, salt, info, length):
    return HKDF(hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def make_certificate(folder):
    """Return the path of a certificate for 127.0.0.1 with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push")])
    now = datetime.datetime.now(datetime.UTC)
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "push.pem"
    pem, formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(pem, formats, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(pem) + private)
    return path


class PushService(ThreadingHTTPServer):
    """Answers with ``status``, and keeps what it got as (path, headers, body)."""

    def __init__(self, certificate):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.received = 201, []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "https://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass
