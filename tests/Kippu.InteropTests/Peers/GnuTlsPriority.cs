namespace Kippu.InteropTests.Peers;

/// <summary>GnuTLS is told what it may use in one string.</summary>
internal static class GnuTlsPriority
{
    /// <summary>TLS 1.2, with or without 1.3. Tickets are on unless the string says otherwise: gnutls-cli's own <c>--noticket</c> goes on offering them.</summary>
    public static string For(bool allVersions, bool tickets) => "NORMAL:-VERS-ALL:+VERS-TLS1.2" + (allVersions ? ":+VERS-TLS1.3" : "") + (tickets ? "" : ":%NO_TICKETS");
}
