/// HTTP requests as the bytes that go over the wire, made before the clock starts.
struct PreparedRequests {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    subscript(index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// Adds a GET with a bearer key.
    mutating func get(_ path: String, key: String) {
        bytes.append(
            contentsOf: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n\r\n".utf8)
        ends.append(bytes.count)
    }

    /// Adds a POST of a JSON text, with a bearer key if one is given.
    mutating func post(_ path: String, json: String, key: String? = nil, headers: [(String, String)] = []) {
        let authorization = key.map { [("Authorization", "Bearer \($0)")] } ?? []
        let fields = (authorization + headers).map { "\($0): \($1)\r\n" }.joined()
        let head =
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(fields)Content-Type: application/json\r\n"
            + "Content-Length: \(json.utf8.count)\r\n\r\n"
        bytes.append(contentsOf: head.utf8)
        bytes.append(contentsOf: json.utf8)
        ends.append(bytes.count)
    }
}
