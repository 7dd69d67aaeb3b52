import Crypto
import FoundationEssentials
import NIOHTTP1

/// The opening handshake of a WebSocket (RFC 6455, section 4.2), the server's side.
struct WebSocketHandshake {
    /// The only version.
    static let version = "13"

    /// The value of `Sec-WebSocket-Accept`.
    let accept: String

    /// Checks the header of a request.
    ///
    /// - Parameter header: of a request that asks for another protocol.
    init(_ method: HTTPMethod?, _ header: HeaderFields?, isCurrent: Bool) throws(RefusalReason) {
        guard method == .GET, isCurrent, let header, header.lists("upgrade", "websocket"),
            header.values("sec-websocket-version") == [Self.version]
        else { throw .upgradeRequired }
        let keys = header.values("sec-websocket-key")
        guard header.lists("connection", "upgrade"), keys.count == 1, Data(base64Encoded: keys[0])?.count == 16 else {
            throw .malformedMessage(.handshake)
        }
        accept = Self.accept(key: keys[0])
    }

    /// Shows the client that the server has read its key and knows the protocol. SHA-1 protects nothing here.
    private static func accept(key: String) -> String {
        let text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        return Data(Insecure.SHA1.hash(data: Data(text.utf8))).base64EncodedString()
    }
}

extension HeaderFields {
    /// Whether a field that holds a list of names has this one, whatever the case of its letters.
    fileprivate func lists(_ field: String, _ name: StaticString) -> Bool {
        values(field).contains { value in
            value.split(separator: ",").contains { part in
                let end = part.lastIndex { $0 != " " && $0 != "\t" }
                let text = end.map { part[...$0].drop { $0 == " " || $0 == "\t" } } ?? ""
                return String(text).equalsIgnoringCase(name)
            }
        }
    }
}
