using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using OrleansEdge.Silo;

namespace OrleansEdge.Tests.Cluster;

/// <summary>A silo whose web endpoints have a token.</summary>
public sealed class WebEndpointTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef";

    private readonly HttpClient _http = new();
    private WebApplication? _silo;

    public async ValueTask InitializeAsync()
    {
        var options = TwoSilos.Options(TwoSilos.FreePort()) with { Token = Token };
        _http.BaseAddress = options.WebUrl;
        _silo = await SiloHost.BuildAsync(options);
        await _silo.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _silo!.StopAsync();
        await _silo.DisposeAsync();
    }

    [Fact]
    public async Task Health_is_for_everyone_metrics_and_dashboard_for_who_has_the_token()
    {
        Assert.Equal(HttpStatusCode.OK, await Get("/health/live", null));
        foreach (var path in (string[])["/metrics", "/dashboard/"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Get(path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await Get(path, Bearer("0123456789abcdeX")));
            Assert.Equal(HttpStatusCode.Unauthorized, await Get(path, new("Basic", "no base64")));
            Assert.Equal(HttpStatusCode.OK, await Get(path, Bearer(Token)));
            Assert.Equal(HttpStatusCode.OK, await Get(path, new("Basic", Base64($"anyone:{Token}"))));
        }
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused_and_harms_nothing()
    {
        using var large = new ByteArrayContent(new byte[1 << 20]);
        try
        {
            using var answer = await _http.PostAsync(new Uri("/dashboard/", UriKind.Relative), large);
            Assert.False(answer.IsSuccessStatusCode);
        }
        catch (HttpRequestException)
        {
            // The connection was closed before all was sent.
        }
        Assert.Equal(HttpStatusCode.OK, await Get("/health/ready", null));
    }

    private async Task<HttpStatusCode> Get(string path, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = authorization;
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
