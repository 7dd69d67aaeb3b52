import Foundation
import Testing

/// A message as a mail server or the inbox got it, and what Python's `email` package reads in it.
struct ReceivedMail {
    struct Parsed: Decodable {
        let headers: [String: String]
        let defects: [String]
        let parts: [Part]

        struct Part: Decodable {
            let type: String
            let encoding: String
            let text: String
        }

        func text(_ type: String) throws -> String { try #require(parts.first { $0.type == type }).text }
    }

    let bytes: Data
    var connection = 0
    var sender = ""
    var recipients: [String] = []

    var raw: String { String(decoding: bytes, as: UTF8.self) }

    func parsed() throws -> Parsed {
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/python3")
        python.arguments = ["-c", Self.program]
        let input = Pipe()
        let output = Pipe()
        python.standardInput = input
        python.standardOutput = output
        try python.run()
        try input.fileHandleForWriting.write(contentsOf: bytes)
        try input.fileHandleForWriting.close()
        let json = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        return try JSONDecoder().decode(Parsed.self, from: json)
    }

    private static let program = """
        import sys, json, email, email.policy
        message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        defects = [repr(d) for part in message.walk() for d in part.defects]
        defects += [repr(d) for value in message.values() for d in value.defects]
        parts = [p for p in message.walk() if not p.is_multipart()]
        json.dump({
            "headers": {name: str(value) for name, value in message.items()},
            "defects": defects,
            "parts": [{"type": p.get_content_type(), "encoding": p["content-transfer-encoding"],
                       "text": p.get_content().replace("\\r\\n", "\\n")} for p in parts]}, sys.stdout)
        """
}
