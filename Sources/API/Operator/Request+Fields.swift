import Configuration
import HTTPServer

extension Request {
    /// Refuses a body with a field that nobody reads, or with one that comes twice: what an operator misspells must not
    /// half work.
    func checkFields(_ known: [String]) throws(OperatorProblem) {
        var seen: Set<String> = []
        for name in topLevelFieldNames() {
            guard seen.insert(name).inserted else {
                throw OperatorProblem(.unprocessableEntity, "invalid_field", "\(name.prefix(64)) comes twice.")
            }
            guard !known.contains(name) else { continue }
            let meant = Spelling.closest(to: name, among: known).map { "Did you mean \($0)?" }
            throw OperatorProblem(
                .unprocessableEntity, "unknown_field",
                "There is no field \(name.prefix(64)). \(meant ?? "There are: \(known.joined(separator: ", ")).")")
        }
    }
}
