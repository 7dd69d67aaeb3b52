import Configuration
import HTTPServer

/// Looks for misspelt field names: a request that means a field and names another must not half work.
enum FieldNames {
    /// Decodes a body whose names are right. A missing field that is there under a misspelt name is named as such.
    static func decode<Body: PlainBody>(_ type: Body.Type, from request: Request) throws -> Body {
        if let body = request.plainBody(type) { return body }
        do {
            let body = try request.decode(type)
            try check(request, known: Body.fields)
            return body
        } catch RequestBodyError.missingField(let name) {
            try check(request, known: Body.fields)
            throw RequestBodyError.missingField(name)
        }
    }

    /// Throws `UNKNOWN_FIELD` for a name that is almost a known one, and for a name that comes twice; other unknown
    /// names are ignored, as the dialect's clients may send more than we know.
    static func check(_ request: Request, known: [String]) throws(OTPEdgeError) {
        var seen: Set<String> = []
        for name in request.topLevelFieldNames() {
            guard seen.insert(name).inserted else { throw .repeatedField(name) }
            if known.contains(name) { continue }
            if let meant = Spelling.closest(to: name, among: known) { throw .unknownField(name, meant: meant) }
        }
    }
}
