import Logging
import NIOCore
import NIOHTTP1

extension ServerContext {
    /// One line for each answered request: never its path, query, fields or body, which may hold what is secret. What was
    /// refused before any handler saw it has no other line, so that this one is there at the usual level, as far as the
    /// loop's budget goes.
    func logAccess(_ exchange: Exchange, status: HTTPResponseStatus, on loop: LoopConnections) {
        let isOnlyLine = exchange.route == Exchange.noRoute && status.code >= 400
        let leftOut = isOnlyLine ? loop.refusalLines.take(.now()) : nil
        guard logsAccess || leftOut != nil else { return }
        let microseconds = exchange.start.map { (NIODeadline.now() - $0).nanoseconds / 1000 }
        var fields: Logger.Metadata = [
            "request_id": "\(exchange.identifier)",
            "method": "\(exchange.method?.rawValue ?? "none")",
            "route": "\(exchange.route)",
            "status": "\(status.code)",
            "microseconds": "\(microseconds ?? 0)",
        ]
        if let trace = exchange.trace?.trace { fields["trace_id"] = "\(trace)" }
        if let leftOut, leftOut > 0 { fields["left_out"] = "\(leftOut)" }
        logger.log(level: leftOut == nil ? .debug : .info, "answered", metadata: fields)
    }

    /// One line for each connection beyond the limit, which is answered before it has asked for anything. There are many
    /// just when there is much to do.
    func logRefusedConnection(_ identifier: RequestIdentifier, status: HTTPResponseStatus) {
        guard logsAccess else { return }
        logger.debug("no room for a connection", metadata: ["request_id": "\(identifier)", "status": "\(status.code)"])
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
