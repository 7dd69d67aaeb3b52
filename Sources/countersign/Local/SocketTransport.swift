import FoundationEssentials
import Glibc
import NIOCore

/// HTTP over the Unix socket of the server that runs on a data folder.
struct SocketTransport: Transport {
    let path: String

    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        let connection: CommandConnection
        do { connection = try await CommandConnection(to: .socket(path: path), patience: nil) } catch {
            throw failure(error)
        }
        defer { connection.close() }
        do { return try await connection.send(request, to: "localhost", take) } catch {
            throw CommandError("the server closed the connection without an answer: look in its log")
        }
    }

    private func failure(_ error: any Error) -> CommandError {
        guard (error as? IOError)?.errnoCode == EACCES else {
            return CommandError(
                "no server is running on this data folder (\(path)). Start one with: countersign serve --data DIR")
        }
        return CommandError("\(path) belongs to another user: run this as the server's user, or use --server and --key")
    }
}
