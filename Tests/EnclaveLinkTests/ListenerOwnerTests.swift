import Testing

@testable import EnclaveLink

@Suite("who may listen in the enclave's place")
struct ListenerOwnerTests {
    @Test(
        "root and the owner of the folder, and nobody else",
        arguments: [(0, 0, true), (0, 7, true), (7, 7, true), (7, 0, false), (8, 7, false)])
    func users(_ listener: UInt32, _ owner: UInt32, _ may: Bool) {
        #expect(ListenerOwner.mayListen(listener, inFolderOf: owner) == may)
    }

    @Test(
        "the folder is the one that the socket is in",
        arguments: [("/run/a/enclave.sock", "/run/a"), ("/enclave.sock", "/"), ("enclave.sock", "."), ("a/b", "a")])
    func folder(_ path: String, _ folder: String) { #expect(ListenerOwner.parent(of: path) == folder) }
}
