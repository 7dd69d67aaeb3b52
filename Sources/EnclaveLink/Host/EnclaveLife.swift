/// One life of the enclave with the connection to it.
final class EnclaveLife: Sendable {
    let instance: any EnclaveInstance
    let connection: EnclaveConnection
    private let began = ContinuousClock.now

    init(instance: any EnclaveInstance, connection: EnclaveConnection) {
        self.instance = instance
        self.connection = connection
    }

    /// How long ago it was started.
    var age: Duration { ContinuousClock.now - began }

    /// Closes the connection, upon which the enclave exits, and waits for that; two seconds later it is ended.
    func stop() async {
        connection.close()
        await instance.end()
    }
}
