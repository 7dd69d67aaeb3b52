/// Why a certificate and its key cannot serve. Each says what to do.
public struct TLSError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Sendable {
        case unreadable, noCertificate, noKey, keyExposed, keyEncrypted, mismatch, expired, notYetValid, refused
        case noHost, library
    }

    public let code: Code
    /// What is wrong and what to do, for the operator.
    public let description: String

    private init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Two errors are equal if they have one code.
    public static func == (one: TLSError, other: TLSError) -> Bool { one.code == other.code }

    static func unreadable(_ path: String, _ reason: String) -> TLSError {
        TLSError(.unreadable, "\(path) cannot be read: \(reason). Name a PEM file that the server's user may read.")
    }

    static func noCertificate(_ path: String) -> TLSError {
        TLSError(.noCertificate, "\(path) holds no certificate. It must be PEM: -----BEGIN CERTIFICATE-----")
    }

    static func noKey(_ path: String) -> TLSError {
        TLSError(.noKey, "\(path) holds no private key. It must be PEM: -----BEGIN PRIVATE KEY-----")
    }

    static func keyExposed(_ path: String) -> TLSError {
        TLSError(.keyExposed, "\(path) can be read by everybody on this machine. Run: chmod 640 \(path)")
    }

    static func keyEncrypted(_ path: String) -> TLSError {
        TLSError(
            .keyEncrypted,
            "\(path) needs a passphrase, and nobody is there to type it. Run: openssl pkey -in \(path) -out KEY")
    }

    static func mismatch(certificate: String, key: String) -> TLSError {
        TLSError(
            .mismatch,
            "\(key) is not the key of the first certificate in \(certificate). Name the two that were made together.")
    }

    static func expired(_ path: String, _ days: Int64) -> TLSError {
        TLSError(.expired, "the certificate in \(path) expired \(days) days ago. Renew it.")
    }

    static func notYetValid(_ path: String) -> TLSError {
        TLSError(.notYetValid, "the certificate in \(path) is not valid yet. Set the clock, or name another one.")
    }

    /// OpenSSL does not take it, a key that is too short for instance.
    static func refused(_ path: String, _ reason: String) -> TLSError {
        TLSError(.refused, "\(path) cannot serve: \(reason). RSA keys need 2048 bits; P-256 is the usual choice.")
    }

    static func noHost(_ text: String) -> TLSError {
        TLSError(
            .noHost,
            "\"\(text)\" is neither a name nor an address. Write a host name of ASCII letters, digits and hyphens, such as "
                + "login.example.com, without * and port, or an IPv4 or IPv6 address without brackets, such as 192.0.2.7 or ::1."
        )
    }

    static func library(_ reason: String) -> TLSError {
        TLSError(.library, "OpenSSL failed: \(reason)")
    }
}
