import ArgumentParser
import FoundationEssentials

/// Which server a command talks to: the one that runs on the data folder, or one at an address.
struct ServerOption: ParsableArguments {
    @Option(help: "The server's address, such as https://login.example.com (default: the one running on --data).")
    var server: String?

    @Option(help: "The key to use with --server; better in the environment variable COUNTERSIGN_KEY.")
    var key: String?

    @OptionGroup var authority: AuthorityOption

    func validate() throws {
        guard authority.given == nil || server != nil else {
            throw ValidationError(
                "\(AuthorityOption.name) goes with --server: over its socket a server shows no certificate.")
        }
    }

    func connection(_ directory: DataDirectory) throws -> ServerConnection {
        guard let server else {
            return ServerConnection(transport: SocketTransport(path: directory.socket), key: key)
        }
        guard let key = key ?? ProcessInfo.processInfo.environment["COUNTERSIGN_KEY"] else {
            throw CommandError("--server needs a key: set COUNTERSIGN_KEY, or give --key")
        }
        return ServerConnection(transport: try AddressTransport(address: server, authorities: authority.file), key: key)
    }
}
