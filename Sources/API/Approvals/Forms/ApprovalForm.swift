import HTTPServer

/// Why a form counts for nothing.
enum FormRefusal: Error, Equatable {
    /// Another site sent it, or the page in another browser, for another request or before somebody else came.
    case notOurs
    /// Not what the page's forms send: another type, a field twice or too many, or one that is missing.
    case malformed
}

/// The fields of one of the page's own forms.
struct ApprovalForm: Sendable {
    /// The field in which forms carry their token.
    static let token = "form"

    private let fields: [String: String]

    /// Throws unless the browser says that the page itself sent it, and the form carries its token.
    init(_ request: Request, of visit: ApprovalVisit) throws(FormRefusal) {
        // Browsers that do not say so are held to the token alone. `Origin` is `null` under our referrer policy.
        guard request.headers.values("Sec-Fetch-Site").allSatisfy({ $0 == "same-origin" }) else { throw .notOurs }
        guard let form = request.form else { throw .malformed }
        var fields: [String: String] = [:]
        for name in form.names {
            guard fields[name] == nil, fields.count < 32 else { throw .malformed }
            fields[name] = form[name]
        }
        guard let token = fields.removeValue(forKey: Self.token), visit.accepts(formToken: token) else {
            throw .notOurs
        }
        self.fields = fields
    }

    /// The names of all fields but the token's.
    var names: Set<String> { Set(fields.keys) }

    /// A field without the white space around it, as phones add it. Throws `malformed` where it is missing or longer than
    /// the page lets anybody type.
    func text(_ name: String, atMost limit: Int) throws(FormRefusal) -> String {
        guard let text = fields[name] else { throw .malformed }
        let trimmed = text.trimmed
        guard trimmed.count <= limit else { throw .malformed }
        return trimmed
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
