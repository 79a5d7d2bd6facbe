using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansEdge.Silo.Security;

/// <summary>The token of the web endpoints; empty when they are bound to loopback without one.</summary>
internal sealed class TokenOptions : AuthenticationSchemeOptions
{
    public string Token { get; set; } = "";
}

/// <summary>
/// Lets in who sends the token as "Authorization: Bearer TOKEN", or as the password of basic authentication, which
/// browsers ask for. Without a token who comes from the same machine is let in; the endpoint then listens on loopback
/// only.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<TokenOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<TokenOptions>(options, logger, encoder)
{
    public const string SchemeName = "token";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Options.Token.Length == 0 ? Success("loopback")
        : Presented() is not { } presented ? AuthenticateResult.NoResult()
        : Same(presented, Options.Token) ? Success("token")
        : AuthenticateResult.Fail("wrong token"));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"OrleansEdge\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }

    private string? Presented()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var encoded = header["Basic ".Length..].Trim();
        var decoded = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, decoded, out var length)
            && Encoding.UTF8.GetString(decoded, 0, length) is var credentials
            && credentials.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? credentials[(colon + 1)..]
            : null;
    }

    // Hashing first makes the comparison take the same time for every length.
    private static bool Same(string presented, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(presented)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private AuthenticateResult Success(string name)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
