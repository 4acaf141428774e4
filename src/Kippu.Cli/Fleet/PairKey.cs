using System.Security.Authentication;

namespace Kippu.Cli.Fleet;

/// <summary>Who issued a ticket, and to whom it came, in which version of TLS.</summary>
internal readonly record struct PairKey(char Issuer, char Acceptor, SslProtocols Version);
