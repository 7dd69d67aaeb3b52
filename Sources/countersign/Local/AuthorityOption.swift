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
}
