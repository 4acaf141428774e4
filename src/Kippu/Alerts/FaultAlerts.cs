namespace Kippu.Alerts;

/// <summary>The one place that maps a fault to the alert that the RFCs name for it.</summary>
internal static class FaultAlerts
{
    /// <summary>The fatal alert for <paramref name="fault"/>, or null where nothing is to be sent (the peer is gone, or has said so itself).</summary>
    public static AlertDescription? AlertFor(PeerFault fault) => fault switch
    {
        PeerFault.MalformedMessage => AlertDescription.DecodeError,
        PeerFault.UnexpectedMessage => AlertDescription.UnexpectedMessage,
        PeerFault.UnexpectedRecord => AlertDescription.UnexpectedMessage,
        PeerFault.NotTls => AlertDescription.UnexpectedMessage,
        PeerFault.RecordVersion => AlertDescription.ProtocolVersion,
        PeerFault.RecordOverflow => AlertDescription.RecordOverflow,
        PeerFault.BadRecordMac => AlertDescription.BadRecordMac,
        PeerFault.TooManyEmptyRecords => AlertDescription.UnexpectedMessage,
        PeerFault.TooManyWarningAlerts => AlertDescription.UnexpectedMessage,
        PeerFault.HandshakeMessageTooLarge => AlertDescription.IllegalParameter,
        PeerFault.MessageAcrossKeyChange => AlertDescription.UnexpectedMessage,
        PeerFault.UnsupportedVersion => AlertDescription.ProtocolVersion,
        PeerFault.NoCommonCipherSuite => AlertDescription.HandshakeFailure,
        PeerFault.NoCommonGroup => AlertDescription.HandshakeFailure,
        PeerFault.NoCommonSignatureScheme => AlertDescription.HandshakeFailure,
        PeerFault.NoApplicationProtocol => AlertDescription.NoApplicationProtocol,
        PeerFault.UnrecognizedName => AlertDescription.UnrecognizedName,
        PeerFault.IllegalParameter => AlertDescription.IllegalParameter,
        PeerFault.DuplicateExtension => AlertDescription.DecodeError,
        PeerFault.UnsolicitedExtension => AlertDescription.UnsupportedExtension,
        PeerFault.MissingExtension => AlertDescription.MissingExtension,
        PeerFault.BadKeyShare => AlertDescription.IllegalParameter,
        PeerFault.BadFinished => AlertDescription.DecryptError,
        PeerFault.BadSignature => AlertDescription.DecryptError,
        PeerFault.RenegotiationMismatch => AlertDescription.HandshakeFailure,
        PeerFault.RenegotiationRefused => AlertDescription.NoRenegotiation,
        PeerFault.ExtendedMasterSecretMismatch => AlertDescription.HandshakeFailure,
        PeerFault.ExtendedMasterSecretRequired => AlertDescription.HandshakeFailure,
        PeerFault.ResumptionMismatch => AlertDescription.IllegalParameter,
        PeerFault.CertificateMissing => AlertDescription.HandshakeFailure,
        PeerFault.BadCertificate => AlertDescription.BadCertificate,
        PeerFault.CertificateExpired => AlertDescription.CertificateExpired,
        PeerFault.CertificateRevoked => AlertDescription.CertificateRevoked,
        PeerFault.UnknownAuthority => AlertDescription.UnknownCA,
        PeerFault.CertificateNameMismatch => AlertDescription.BadCertificate,
        PeerFault.UnsupportedCertificate => AlertDescription.UnsupportedCertificate,
        PeerFault.CertificateRejected => AlertDescription.CertificateUnknown,
        PeerFault.InappropriateFallback => AlertDescription.InappropriateFallback,
        PeerFault.Truncated => null,
        PeerFault.PeerAlert => null,
        PeerFault.HandshakeTimeout => AlertDescription.UserCanceled,
        PeerFault.KeyExhausted => AlertDescription.InternalError,
        PeerFault.InternalError => AlertDescription.InternalError,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
