/// Why a body is not the JSON value that a handler asked for. Uncaught, it is answered with 400.
///
/// It carries names of fields, never values, so that it may be logged.
public enum RequestBodyError: Error, Equatable {
    /// No body was sent.
    case empty
    /// The bytes are no UTF-8, which JSON between systems must be (RFC 8259, section 8.1).
    case notUTF8
    /// The text is no JSON (RFC 8259).
    case notJSON
    /// Arrays and objects are nested deeper than `JSONInspection.maximumDepth`.
    case tooDeep
    /// An object lacks a field, or has `null` there; nested fields as `outer.inner` or `list.0.inner`.
    case missingField(String)
    /// A field has a value of another type. The empty string names the body itself, or a number that does not fit its
    /// type, whose place Foundation does not tell.
    case wrongType(String)
}

extension RequestBodyError {
    /// - Parameter isJSON: tells, when asked, whether the text as such is JSON.
    init(_ error: DecodingError, isJSON: () -> Bool) {
        switch error {
        case .keyNotFound(let key, let context):
            self = .missingField(Self.name(context.codingPath + [key]))
        case .valueNotFound(_, let context):
            // `null` in place of the whole body is a value of the wrong type.
            self =
                context.codingPath.isEmpty ? .wrongType("") : .missingField(Self.name(context.codingPath))
        case .typeMismatch(_, let context):
            self = .wrongType(Self.name(context.codingPath))
        case .dataCorrupted(let context):
            // The parser reports broken text without a path; a type that refuses a value gives its place.
            self = !context.codingPath.isEmpty || isJSON() ? .wrongType(Self.name(context.codingPath)) : .notJSON
        @unknown default:
            self = .notJSON
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
