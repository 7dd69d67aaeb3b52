import ArgumentParser

/// Options that every command takes.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: "The installation's folder.")
    var path = "data"

    var directory: DataDirectory { DataDirectory(path: path) }
}

/// How a command speaks.
struct OutputOption: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print one JSON object for programs.")
    var json = false
}
