import Logging
import NIOCore
import NIOHTTP1

extension ServerContext {
    /// One line for each answered request: never its path, query, fields or body, which may hold what is secret.
    func logAccess(_ exchange: Exchange, status: HTTPResponseStatus) {
        guard logsAccess else { return }
        let microseconds = exchange.start.map { (NIODeadline.now() - $0).nanoseconds / 1000 }
        var fields: Logger.Metadata = [
            "request_id": "\(exchange.identifier)",
            "method": "\(exchange.method?.rawValue ?? "none")",
            "route": "\(exchange.route)",
            "status": "\(status.code)",
            "microseconds": "\(microseconds ?? 0)",
        ]
        if let trace = exchange.trace?.trace { fields["trace_id"] = "\(trace)" }
        logger.debug("answered", metadata: fields)
    }

    /// One line for each handshake that failed, without the client's address: strangers fail them all day.
    ///
    /// - Parameter identifier: of what the client was answered; nil where that is nothing.
    func logHandshake(_ error: any Error, _ identifier: RequestIdentifier?) {
        guard logsAccess else { return }
        var fields: Logger.Metadata = ["error": "\(error)"]
        if let identifier { fields["request_id"] = "\(identifier)" }
        logger.debug("no handshake", metadata: fields)
    }
}
