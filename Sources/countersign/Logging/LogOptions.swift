import ArgumentParser
import Logging

/// What `serve` takes about its log; what is not given is as `countersign.yaml` says.
struct LogOptions: ParsableArguments {
    @Option(help: "How lines of the log look: text or json, one object a line (default text).")
    var logFormat: LogLine.Format?

    @Option(
        help: "The least level that is logged: trace, debug, info, notice, warning, error or critical (default info).")
    var logLevel: Logger.Level?

    /// Puts these in the place of the file's settings.
    func apply(to configuration: inout HostConfiguration) {
        if let logFormat { configuration.logFormat = logFormat }
        if let logLevel { configuration.logLevel = logLevel }
    }
}

extension LogLine.Format: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
