using System.Globalization;
using Microsoft.Playwright;

namespace Engine.Tests.Logging;

/// <summary>
/// The HTML report in a real browser: the Chromium of the system, at the path in the environment variable CHROMIUM or at one of the usual
/// places. Where there is none, the test says so and checks nothing.
/// </summary>
[Category("Slow")]
public sealed class HtmlReportBrowserTests
{
    private const string LossChart = "figure[data-chart='loss']";

    /// <summary>
    /// Catches: an error in the script, a request to anywhere, curves or tables that are not drawn, values under the pointer that are not
    /// the log's, a zoom that does not zoom, colors that a dark page makes unreadable.
    /// </summary>
    [Test]
    public async Task It_works_in_a_browser()
    {
        if (Chromium() is not { } chromium)
        {
            TestContext.Out.WriteLine("not run: no Chromium found; install one, or set CHROMIUM to its path");
            return;
        }
        using TemporaryDirectory directory = new();
        HtmlReport report = new(ReportRun.Load(directory["run"])) { Title = "A run", ConfusionMatrix = ReportRun.Matrix() };
        report.Save(directory["r.html"]);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        IPage page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1200, Height = 1000 } });
        List<string> troubles = [], requests = [];
        page.PageError += (_, error) => troubles.Add(error);
        page.Console += (_, message) => troubles.Add(message.Text);
        page.Request += (_, request) => requests.Add(request.Url);
        string address = new Uri(directory["r.html"]).AbsoluteUri;
        await page.GotoAsync(address);

        Assert.That(await page.TitleAsync(), Is.EqualTo("A run"), "also: no text of the run is executed");
        Assert.That(await page.Locator("figure").CountAsync(), Is.EqualTo(5));
        Assert.That(await page.Locator($"{LossChart} path.curve").CountAsync(), Is.EqualTo(2));
        Assert.That(await page.Locator("#hyperparameters").InnerTextAsync(), Does.Contain("optimizer\tAdam").And.Contain("nesterov\ttrue"));
        Assert.That(await page.Locator("#machine").InnerTextAsync(), Does.Contain("Processor").And.Contain(".NET"));
        Assert.That(await page.Locator("#texts pre").InnerTextAsync(), Is.EqualTo(ReportRun.Note));
        Assert.That(await page.Locator(".matrix").InnerTextAsync(), Does.Contain("0.667"));
        Assert.That(await page.Locator("#values").InnerTextAsync(), Does.Contain("loss/training\t0.01\t0.01\t2\t200"));

        await PointsAtValues(page);
        await ZoomsAndBack(page);
        await HidesACurve(page);
        await IsReadableInTheDark(page);

        Assert.That(troubles, Is.Empty);
        Assert.That(requests, Is.EqualTo(new[] { address }));
    }

    private static async Task PointsAtValues(IPage page)
    {
        LocatorBoundingBoxResult box = (await page.Locator($"{LossChart} svg").BoundingBoxAsync())!;
        const int left = 58, right = 12; // the margins of a chart, between which steps 1 to 200 lie
        await page.Mouse.MoveAsync(box.X + left + (box.Width - left - right) * 103 / 199, box.Y + box.Height / 2);
        string[] tip = (await page.Locator($"{LossChart} .tip").InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int step = int.Parse(tip[0].Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.That(step, Is.InRange(103, 105));
        double shown = double.Parse(tip[1].Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.That(tip[1], Does.StartWith("training "));
        Assert.That(shown, Is.EqualTo(ReportRun.TrainingLoss(step)).Within(1e-4 * shown));
        Assert.That(tip[2], Does.StartWith("validation ").And.EndWith("at 100"));
        await page.Mouse.MoveAsync(0, 0);
        Assert.That(await page.Locator($"{LossChart} .tip").IsVisibleAsync(), Is.False);
    }

    private static async Task ZoomsAndBack(IPage page)
    {
        ILocator ticks = page.Locator($"{LossChart} .across"), zoomOut = page.GetByRole(AriaRole.Button, new() { Name = "zoom out" });
        IReadOnlyList<string> whole = await ticks.AllTextContentsAsync();
        LocatorBoundingBoxResult box = (await page.Locator($"{LossChart} svg").BoundingBoxAsync())!;
        for (int round = 0; round < 2; round++)
        {
            await page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + 50);
            await page.Mouse.DownAsync();
            await page.Mouse.MoveAsync(box.X + box.Width * 3 / 4, box.Y + 60);
            Assert.That(await page.Locator($"{LossChart} .selection").CountAsync(), Is.EqualTo(1));
            await page.Mouse.UpAsync();
            int[] zoomed = [.. (await ticks.AllTextContentsAsync()).Select(static tick => int.Parse(tick, CultureInfo.InvariantCulture))];
            Assert.That(zoomed, Has.Length.GreaterThan(2).And.All.InRange(85, 160));
            if (round == 0)
            {
                await page.Mouse.DblClickAsync(box.X + box.Width / 2, box.Y + 50);
            }
            else
            {
                await zoomOut.ClickAsync();
            }
            Assert.That(await ticks.AllTextContentsAsync(), Is.EqualTo(whole));
            Assert.That(await zoomOut.CountAsync(), Is.Zero, "hidden while all is shown");
        }
    }

    private static async Task HidesACurve(IPage page)
    {
        ILocator entry = page.Locator($"{LossChart} .legend button").First;
        await entry.ClickAsync();
        Assert.That(await page.Locator($"{LossChart} path.curve").CountAsync(), Is.EqualTo(1));
        await entry.ClickAsync();
        Assert.That(await page.Locator($"{LossChart} path.curve").CountAsync(), Is.EqualTo(2));
        ILocator log = page.Locator($"{LossChart} figcaption").GetByText("log");
        Assert.That(await log.GetAttributeAsync("aria-pressed"), Is.EqualTo("true"), "200 to 1");
        IReadOnlyList<string> before = await page.Locator($"{LossChart} .up").AllTextContentsAsync();
        await log.ClickAsync();
        Assert.That(await page.Locator($"{LossChart} .up").AllTextContentsAsync(), Is.Not.EqualTo(before));
    }

    private static async Task IsReadableInTheDark(IPage page)
    {
        const string contrast = """
            () => {
              const light = color => {
                const [r, g, b] = color.match(/\d+/g).map(n => n / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const page = light(getComputedStyle(document.body).backgroundColor);
              const inks = [document.body, ...document.querySelectorAll(".faint")].map(one => light(getComputedStyle(one).color));
              const curves = [...document.querySelectorAll(".curve")].map(one => light(getComputedStyle(one).stroke));
              const ratio = ink => (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05);
              return [page, Math.min(...inks.map(ratio)), Math.min(...curves.map(ratio))];
            }
            """;
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            double[] found = await page.EvaluateAsync<double[]>(contrast);
            Assert.That(found[0], scheme == ColorScheme.Light ? Is.GreaterThan(0.9) : Is.LessThan(0.05), "the page");
            // the least that the Web Content Accessibility Guidelines 2.1 ask of text and of graphics
            Assert.That(found[1], Is.GreaterThan(4.5), $"text, {scheme}");
            Assert.That(found[2], Is.GreaterThan(3), $"curves, {scheme}");
        }
    }

    private static string? Chromium()
    {
        string[] places =
        [
            Environment.GetEnvironmentVariable("CHROMIUM") ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome", "/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        ];
        return Array.Find(places, File.Exists);
    }
}
