extension Channel: FrameEnumeration {}
extension ChallengeMode: FrameEnumeration {}
extension ContactAddress.Kind: FrameEnumeration {}
extension CodeAlphabet: FrameEnumeration {}
extension SigningKeyPurpose: FrameEnumeration {}
extension SigningAlgorithm: FrameEnumeration {}
extension DeliveryFailure.Reason: FrameEnumeration {}
extension EnclaveError.Code: FrameEnumeration {}
