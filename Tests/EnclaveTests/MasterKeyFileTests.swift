import EnclaveLink
import Glibc
import Testing

@testable import Enclave

@Suite("the master key's file")
struct MasterKeyFileTests {
    private let built: BuiltEnclave
    private let file: MasterKeyFile

    init() throws {
        built = try BuiltEnclave()
        file = MasterKeyFile(dataDirectory: built.dataDirectory)
    }

    private func open(_ built: BuiltEnclave) throws -> MasterKeyContent {
        try EnclaveProgram(dataDirectory: built.dataDirectory).openVault(pin: nil).open()
    }

    @Test("it is made once, for its owner only, and reads back as the same keys")
    func made() throws {
        var information = stat()
        try #require(stat(file.path, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
        let text = try file.read()
        #expect(try open(built).text == text)
        #expect(throws: MasterKeyError(.alreadyExists, path: file.path)) { try file.create(text) }
        #expect(try file.read() == text)
    }

    @Test("a key that others may read is refused", arguments: [0o640, 0o604, 0o660, 0o620] as [mode_t])
    func loose(mode: mode_t) {
        chmod(file.path, mode)
        #expect(throws: MasterKeyError(.loosePermissions, path: file.path)) { try file.read() }
    }

    @Test("another content takes its place as a whole, whatever an earlier attempt left behind")
    func replaced() throws {
        try PrivateFile(path: file.path + ".new").create([1, 2, 3])
        var content = try open(built)
        let grown = content.addVersion(randomness: SystemRandomness())
        #expect(grown)
        try file.replace(content.text)
        #expect(try open(built).text == content.text)
        #expect(access(file.path + ".new", F_OK) != 0)
    }

    @Test("where nothing can be written the old content stands")
    func notReplaced() throws {
        let before = try file.read()
        mkdir(file.path + ".new", 0o700)
        #expect(throws: MasterKeyError(.notWritten, path: file.path)) { try file.replace([1]) }
        #expect(try file.read() == before)
    }

    @Test("a missing key says how to make one; a symbolic link is not followed")
    func missing() throws {
        unlink(file.path)
        let error = #expect(throws: MasterKeyError(.missing, path: file.path)) { try file.read() }
        #expect(error?.description.contains("create-master-key") == true)
        symlink("/etc/hostname", file.path)
        #expect(throws: MasterKeyError(.unreadable, path: file.path)) { try file.read() }
        #expect(throws: MasterKeyError(.alreadyExists, path: file.path)) { try file.create([1]) }
    }

    @Test("the program makes it, and says where it went wrong with exit code 78")
    func program() throws {
        let empty = try BuiltEnclave(masterKey: false)
        let make = ["create-master-key", "--data", empty.dataDirectory]
        #expect(try BuiltEnclave.run(make).code == 0)
        _ = try open(empty)
        let again = try BuiltEnclave.run(make)
        #expect(again.code == 78 && again.output.contains("never overwritten"))
    }
}
