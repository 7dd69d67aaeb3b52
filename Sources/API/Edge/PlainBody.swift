import HTTPServer

/// A body whose members are all strings. Nearly all such bodies are plain text, and need no decoder.
protocol PlainBody: Decodable {
    /// The names on the wire.
    static var fields: [String] { get }

    /// Takes the values in the order of `fields`; nil where one is missing that must be there.
    init?(plain values: [String?])
}

extension Request {
    /// The body, where it is plain and complete; nil for every other one, which may still be right.
    func plainBody<Body: PlainBody>(_ type: Body.Type = Body.self) -> Body? {
        plainMembers(named: Body.fields).flatMap(Body.init(plain:))
    }

    /// Reads a body of our own API. A missing field that is there under a misspelt name is named as such.
    /// Throws `RequestBodyError`, `Problem`.
    func read<Body: PlainBody>(_ type: Body.Type = Body.self) throws -> Body {
        if let body = plainBody(type) { return body }
        return try read(type, fields: Body.fields)
    }

    /// The same for a body with other members than strings.
    func read<Body: Decodable>(_ type: Body.Type = Body.self, fields: [String]) throws -> Body {
        do {
            let body = try decode(type)
            try checkFields(fields)
            return body
        } catch RequestBodyError.missingField(let name) {
            try checkFields(fields)
            throw RequestBodyError.missingField(name)
        }
    }

    /// The same where the body may be left out.
    func readOptional<Body: Decodable>(_ type: Body.Type = Body.self, fields: [String]) throws -> Body? {
        body.readableBytes == 0 ? nil : try read(type, fields: fields)
    }
}
