import HTTPServer

/// `TLSClient` over a blocking socket.
final class SecureClient {
    private let socket: Client
    private let session: TLSClient
    private var used = 0

    /// Shakes hands. Throws where the server does not.
    ///
    /// - Parameter pausing: what is waited for between the connection and the handshake.
    init(_ address: ListenerAddress, pausing: () throws -> Void = {}) throws {
        socket = try Client(address)
        try pausing()
        session = try TLSClient()
        while try !session.shakeHands() {
            try socket.send(session.take())
            try receive()
        }
        try socket.send(session.take())
    }

    func send(_ text: String) throws {
        session.write(text)
        try socket.send(session.take())
    }

    /// What has arrived since the last answer, once it ends with these words.
    func readAnswer(endingWith end: String) throws -> String {
        while true {
            let text = String(decoding: session.received[used...], as: UTF8.self)
            if text.hasSuffix(end) {
                used = session.received.count
                return text
            }
            try receive()
            try session.read()
        }
    }

    /// What has arrived since the last answer, once the server has closed, and whether it said before that this is all
    /// (`close_notify`).
    func readToEnd() throws -> (text: String, isSaidToBeAll: Bool) {
        while case let bytes = try socket.readSome(), !bytes.isEmpty {
            session.give(bytes)
            try session.read()
        }
        return (String(decoding: session.received[used...], as: UTF8.self), session.isServerDone)
    }

    private func receive() throws {
        let bytes = try socket.readSome()
        guard !bytes.isEmpty else { throw TLSClient.Failure(reason: "the server closed") }
        session.give(bytes)
    }
}
