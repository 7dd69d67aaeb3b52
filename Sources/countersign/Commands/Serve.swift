import API
import ArgumentParser
import HTTPServer
import Logging

/// `countersign serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server in the foreground; makes the installation where there is none.")

    @OptionGroup var data: DataOption

    @Option(help: "Address and port to listen on (default 127.0.0.1:3000, or what countersign.yaml says).")
    var listen: ListenAddress?

    func run() async throws {
        let directory = data.directory
        var configuration = try HostConfiguration.load(directory)
        if let listen { configuration.listen = listen }
        let host = try await Host.open(directory, configuration: configuration)
        do {
            if let first = try await host.createFirstWorkspace() { Output.line(first.text) }
            try await host.serve()
        } catch {
            await host.close()
            throw error
        }
        await host.close()
    }
}
