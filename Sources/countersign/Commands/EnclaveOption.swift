import ArgumentParser

/// Where the enclave is, for programs that need one.
struct EnclaveOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Use the enclave that listens on this Unix socket, as a service and another user's, instead of starting one.",
            valueName: "path"))
    var enclaveSocket: String?

    func apply(to configuration: inout HostConfiguration) {
        if let enclaveSocket { configuration.enclaveSocket = enclaveSocket }
    }
}
