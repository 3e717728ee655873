using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Engine.Tests.House;

/// <summary>What an editor shows of the engine while somebody types: summaries and the names of parameters.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>Catches: a summary that is a fragment of a sentence.</summary>
    [Test]
    public void Every_summary_is_a_sentence()
    {
        XElement[] members = [.. XDocument.Load(Path.ChangeExtension(typeof(Tensor<>).Assembly.Location, "xml")).Descendants("member")];
        List<string> found = [];
        foreach (XElement member in members)
        {
            foreach (XElement summary in member.Elements("summary"))
            {
                string text = Text(summary);
                if (!IsSentence(text))
                {
                    found.Add($"{member.Attribute("name")!.Value}: {text}");
                }
            }
        }
        Assert.That(members, Has.Length.GreaterThan(500), "members read");
        Findings.None(found, "A summary begins with a capital letter or a formula, and ends with a full stop.");
    }

    [TestCase("The shape.", true)]
    [TestCase("θ ← θ − η·g.", true)]
    [TestCase("x², element by element.", true)]
    [TestCase("exp(x): the exponential.", true)]
    [TestCase("dx ← g·f′(x).", true)]
    [TestCase("tanh x near zero.", true)]
    [TestCase("the shape.", false)]
    [TestCase("a shape.", false)]
    [TestCase("The shape", false)]
    [TestCase("", false)]
    public void A_sentence_has_a_capital_and_a_full_stop(string text, bool sentence) =>
        Assert.That(IsSentence(text), Is.EqualTo(sentence));

    /// <summary>Catches: an argument that cannot be named without a Greek keyboard.</summary>
    [Test]
    public void No_public_parameter_has_a_Greek_name()
    {
        const BindingFlags declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        List<string> found = [];
        int seen = 0;
        foreach (Type type in typeof(Tensor<>).Assembly.GetExportedTypes())
        {
            if (IsRule(type))
            {
                continue;
            }
            foreach (MethodBase method in type.GetMembers(declared).OfType<MethodBase>().Where(IsVisible))
            {
                seen++;
                found.AddRange(method.GetParameters().Where(parameter => parameter.Name is { } name && Greek().IsMatch(name))
                    .Select(parameter => $"{type.Name}.{method.Name}({parameter.Name})"));
            }
        }
        Assert.That(seen, Is.GreaterThan(500), "methods seen");
        Findings.None(found, "A caller must be able to type a parameter's name.");
    }

    /// <summary>Only the engine calls a rule's methods, by position, and their letters are the formula that readers came for.</summary>
    private static bool IsRule(Type type) => typeof(IRule).IsAssignableFrom(type) || type == typeof(IAveragedRule);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsSentence(string text) => !LowerCaseWord().IsMatch(text) && End().IsMatch(text);

    /// <summary>The text as an editor shows it, with the names that references stand for.</summary>
    private static string Text(XElement element)
    {
        StringBuilder text = new();
        foreach (XNode node in element.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { IsEmpty: true } reference => $"`{reference.Attributes().First().Value}`",
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement inner => Text(inner),
                _ => "",
            });
        }
        return Space().Replace(text.ToString(), " ").Trim();
    }

    /// <summary>A word at the beginning that is no letter, function or left side of a formula.</summary>
    [GeneratedRegex(@"^(?!(?:exp|ln|log|max|min|sin|cos|tanh|arctan|erf|softmax) \S)(?:[a-z]{2,}|a(?= [a-z]))(?=[\s,;.:])(?! [←=+−·/])")]
    private static partial Regex LowerCaseWord();

    [GeneratedRegex(@"[.?!][)""]?$")]
    private static partial Regex End();

    [GeneratedRegex(@"\p{IsGreek}")]
    private static partial Regex Greek();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
