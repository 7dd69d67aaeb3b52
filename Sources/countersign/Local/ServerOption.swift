import ArgumentParser

/// Which server a command talks to: the one that runs on the data folder, or one at an address.
struct ServerOption: ParsableArguments {
    @Option(help: "The server's address, such as https://login.example.com (default: the one running on --data).")
    var server: String?

    @Option(help: "The key to use with --server; better in the environment variable COUNTERSIGN_KEY.")
    var key: String?

    @OptionGroup var authority: AuthorityOption

    func validate() throws {
        try authority.check(for: server, of: "--server")
    }

    func connection(_ directory: DataDirectory) throws -> ServerConnection {
        guard let server else {
            // The environment's goes to servers elsewhere alone.
            let key = try key.map {
                try CommandKey.checked($0, from: "--key", advice: "leave it out, or give it the key")
            }
            return ServerConnection(transport: SocketTransport(path: directory.socket), key: key)
        }
        guard let key = try CommandKey.given(key) else {
            throw CommandError("--server needs a key: set \(CommandKey.variable), or give --key")
        }
        return ServerConnection(transport: try AddressTransport(address: server, authorities: authority.file), key: key)
    }
}
