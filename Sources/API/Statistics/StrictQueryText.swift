import HTTPServer

/// The parameters behind a path's `?` in this dialect: what is not understood is refused.
struct StrictQueryText {
    let query: QueryParameters

    init(_ request: Request) { query = request.query }

    func choice<Choice>(_ name: String, _ choices: [Choice], _ text: (Choice) -> String) throws -> Choice? {
        guard let value = query[name] else { return nil }
        guard let choice = choices.first(where: { text($0) == value }) else {
            let all = choices.map(text).joined(separator: ", ")
            throw OTPEdgeError.invalidField(name, "The parameter must be one of \(all).")
        }
        return choice
    }

    func refuseOthers(than known: [String]) throws {
        let isPlain = query.undecodable.isEmpty && Set(query.names).count == query.names.count
        guard isPlain, query.names.allSatisfy(known.contains) else {
            throw OTPEdgeError(
                .badRequest, "UNKNOWN_FIELD",
                "There are only the parameters \(known.joined(separator: " and ")), once each.")
        }
    }
}
