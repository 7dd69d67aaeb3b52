import ArgumentParser
import FoundationEssentials

/// Who vouches for a server at an address.
struct AuthorityOption: ParsableArguments {
    static let name = "--server-ca"
    static let variable = "COUNTERSIGN_SERVER_CA"

    @Option(
        name: .customLong("server-ca"),
        help: ArgumentHelp(
            "A PEM file: only who has a certificate in it may vouch for the server, instead of the system's authorities. "
                + "Or set \(variable).", valueName: "file"))
    var given: String?

    /// Nil for the system's authorities.
    var file: String? { given ?? ProcessInfo.processInfo.environment[Self.variable] }

    /// Refuses an authority that nobody would be asked for.
    ///
    /// - Parameters:
    ///   - address: the server's; nil where the command asks none at an address.
    ///   - options: those that name one.
    func check(for address: String?, of options: String) throws(ValidationError) {
        guard given != nil else { return }
        guard let address else {
            throw ValidationError(
                "\(Self.name) goes with \(options): only a server at an address shows a certificate.")
        }
        guard !address.lowercased().hasPrefix("http://") else {
            throw ValidationError("\(Self.name) goes with https://: over http:// a server shows no certificate.")
        }
    }
}
