/// One process of the enclave with the connection to it.
final class EnclaveLife: Sendable {
    let process: EnclaveProcess
    let connection: EnclaveConnection
    private let began = ContinuousClock.now

    init(process: EnclaveProcess, connection: EnclaveConnection) {
        self.process = process
        self.connection = connection
    }

    /// How long ago it was started.
    var age: Duration { ContinuousClock.now - began }

    /// Closes the connection, upon which the enclave exits, and waits for that; two seconds later it is ended.
    func stop() async {
        connection.close()
        await process.end()
    }
}
