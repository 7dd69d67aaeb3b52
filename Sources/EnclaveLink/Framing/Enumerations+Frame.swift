import TransparencyLog

extension Channel: FrameEnumeration {}
extension ChallengeMode: FrameEnumeration {}
extension ContactAddress.Kind: FrameEnumeration {}
extension CodeAlphabet: FrameEnumeration {}
extension SigningKeyPurpose: FrameEnumeration {}
extension SigningAlgorithm: FrameEnumeration {}
extension DeliveryFailure.Reason: FrameEnumeration {}
extension DeliveryReport.State: FrameEnumeration {}
extension EnclaveError.Code: FrameEnumeration {}
extension SealedFlow: FrameEnumeration {}
extension SignedMessage.Encoding: FrameEnumeration {}
extension TokenFault: FrameEnumeration {}
extension CaptchaOutcome: FrameEnumeration {}
extension VaultDescription.Outlook: FrameEnumeration {}
extension WebhookFailure: FrameEnumeration {}
extension LogAnchorFault: FrameEnumeration {}
extension WitnessFailure: FrameEnumeration {}
extension ExportStatement.Format: FrameEnumeration {}
