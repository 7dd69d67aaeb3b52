import COpenSSLTLS

/// The one protocol that is spoken over TLS here (RFC 7301).
enum ApplicationProtocol {
    private static let name = Array("http/1.1".utf8)
    /// Where OpenSSL finds the name that was chosen: it must not move.
    private static let chosen = Chosen()

    /// Unchecked because it is a pointer: what it leads to is written once.
    private final class Chosen: @unchecked Sendable {
        let bytes: UnsafeMutableBufferPointer<UInt8>

        init() {
            bytes = .allocate(capacity: name.count)
            _ = bytes.initialize(from: name)
        }
    }

    /// Takes `http/1.1` where it is offered; a client that offers others alone is told so (`no_application_protocol`), and
    /// one that offers none gets HTTP/1.1.
    static func choose(in context: OpaquePointer) {
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, length, offered, offeredLength, _ in
                let offers = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
                guard ApplicationProtocol.isOffered(in: offers) else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                let name = ApplicationProtocol.chosen.bytes
                chosen?.pointee = UnsafePointer(name.baseAddress)
                length?.pointee = UInt8(name.count)
                return SSL_TLSEXT_ERR_OK
            }, nil)
    }

    /// A list of names, each behind a byte with its length.
    private static func isOffered(in offers: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        while position < offers.count {
            let end = position + 1 + Int(offers[position])
            guard end <= offers.count else { return false }
            if offers[(position + 1)..<end].elementsEqual(name) { return true }
            position = end
        }
        return false
    }
}
