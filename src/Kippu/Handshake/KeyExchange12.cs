using Kippu.Wire;

namespace Kippu.Handshake;

/// <summary>How a full handshake exchanges its key: chosen together, since suite, credential, scheme and group depend on each other.</summary>
internal sealed record KeyExchange12(CipherSuite Suite, NamedGroup Group, TlsCredential Credential, SignatureScheme Scheme);
