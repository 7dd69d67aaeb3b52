/// A server on which clients can wait, and be told something.
protocol WaitingServer {
    var process: ServerProcess { get }
    /// What clients send; with more clients than requests, over and over.
    var requests: [String] { get }
    /// What each client has received once it was told.
    var news: String { get }

    /// How many have begun to wait.
    func listeners() throws(BenchmarkError) -> Int
    /// Tells all of them.
    func tell() throws(BenchmarkError)
}

/// What a client sends that waits.
enum WaitingRequest {
    static func get(_ path: String, key: String) -> String { head(path, key) + "\r\n" }

    static func webSocket(_ path: String, key: String) -> String {
        head(path, key) + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    private static func head(_ path: String, _ key: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\n"
            + "User-Agent: countersign-bench\r\nAccept: */*\r\n"
    }
}
