import Configuration
import Encodings
import HTTPServer

extension Request {
    /// Refuses a body with a field that nobody reads, or with one that comes twice: what a caller of our own API
    /// misspells must not half work.
    func checkFields(_ known: [String]) throws(Problem) {
        var seen: Set<String> = []
        for name in topLevelFieldNames() {
            guard seen.insert(name).inserted else {
                throw Problem.invalidField("\(name.prefix(64))", "comes twice.")
                    .because("\(GivenName.loggable(name)) comes twice")
            }
            guard !known.contains(name) else { continue }
            let meant = Spelling.closest(to: name, among: known).map { "Did you mean \($0)?" }
            throw Problem(
                .unprocessableEntity, "unknown_field",
                "There is no field \(name.prefix(64)). \(meant ?? "There are: \(known.joined(separator: ", ")).")"
            ).because("there is no field \(GivenName.loggable(name))")
        }
    }
}
