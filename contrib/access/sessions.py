"""Flask's signed cookie, on a clock that may be set back: only an old one has ended."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class PatientSigner(TimestampSigner):
    """A signature of the future is valid: the clock of the server was put right since."""

    def unsign(self, value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        content, signed_at = super().unsign(value, return_timestamp=True)
        age = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and age > max_age:
            raise SignatureExpired(f"{age} s > {max_age} s", payload=content, date_signed=signed_at)
        return (content, signed_at) if return_timestamp else content


class Sessions(SecureCookieSessionInterface):
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if not app.secret_key:
            return None
        return URLSafeTimedSerializer(
            app.secret_key,
            salt=self.salt,
            serializer=self.serializer,
            signer=PatientSigner,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )
