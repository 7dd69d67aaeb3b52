import HTTPServer

/// Reads the parameters behind a path's `?` where leaving one out would tell more: what is not understood is refused, with
/// 400 and the parameter's name, and never left out.
struct StrictQuery {
    private let values: [String: String]

    /// - Parameter known: the names that the route has.
    ///
    /// Throws `Problem` for a name that is unknown or repeated, and for a value that is empty or cannot be decoded.
    init(_ request: Request, _ known: String...) throws(Problem) {
        let query = request.query
        if let name = query.undecodable.first { throw .invalidParameter(name, "cannot be decoded.") }
        var values: [String: String] = [:]
        for name in query.names {
            guard known.contains(name) else {
                throw .invalidParameter(name, "is unknown. There are: \(known.joined(separator: ", ")).")
            }
            guard values[name] == nil else { throw .invalidParameter(name, "stands there more than once.") }
            guard let value = query[name], !value.isEmpty else { throw .invalidParameter(name, "is empty.") }
            values[name] = value
        }
        self.values = values
    }

    /// Nil where it is absent.
    func text(_ name: String) -> String? { values[name] }

    /// A whole number within bounds; nil where it is absent. Throws `Problem`.
    func number(_ name: String, _ bounds: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let text = values[name] else { return nil }
        guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int64(text), bounds ~= number else {
            let upper = bounds.upperBound == .max ? "up" : "to \(bounds.upperBound)"
            throw .invalidParameter(name, "must be a whole number from \(bounds.lowerBound) \(upper).")
        }
        return number
    }

    /// One of the cases of a type; nil where it is absent. Throws `Problem` with the cases that there are.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(Problem) -> Choice? where Choice.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidParameter(name, "must be one of \(all).")
        }
        return choice
    }

    /// A time as RFC 3339 writes it, or a day; Unix milliseconds; nil where it is absent. Throws `Problem`.
    func time(_ name: String) throws(Problem) -> Int64? {
        guard let text = values[name] else { return nil }
        guard let time = WireTime.milliseconds(text) else {
            throw .invalidParameter(name, "must be a time that there is, such as 2026-11-21T12:00:00Z.")
        }
        return time
    }
}

extension Problem {
    /// 400: a parameter of the query that is not understood.
    static func invalidParameter(_ name: String, _ rule: String) -> Self {
        // The name is a stranger's text, and may be somebody's address: the log does without it.
        Problem(.badRequest, "invalid_parameter", "\(name.prefix(64)) \(rule)").because("a parameter \(rule)")
    }
}
