using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Engine;

namespace Examples.Formulas;

/// <summary>The documentation comments of the engine, as the compiler wrote them beside the DLL.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads the file beside the running program.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static XmlDocumentation OfEngine() =>
        new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{typeof(IRule).Assembly.GetName().Name}.xml")).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value));

    /// <summary>The summary of a type or property, as one line of Markdown.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public string Summary(MemberInfo member)
    {
        string key = member is Type type ? $"T:{type.FullName}" : $"P:{member.DeclaringType!.FullName}.{member.Name}";
        XElement summary = _members.TryGetValue(key, out XElement? found) && found.Element("summary") is { } text ? text : throw new KeyNotFoundException($"{key} has no summary.");
        StringBuilder markdown = new();
        Write(summary, markdown);
        return Space().Replace(markdown.ToString(), " ").Trim();
    }

    private static void Write(XElement element, StringBuilder markdown)
    {
        foreach (XNode node in element.Nodes())
        {
            switch (node)
            {
                case XText text:
                    markdown.Append(text.Value);
                    break;
                case XElement { Name.LocalName: "see" } see:
                    string name = see.Attribute("cref")!.Value;
                    markdown.Append('`').Append(name[(name.LastIndexOfAny(['.', ':']) + 1)..]).Append('`');
                    break;
                case XElement { Name.LocalName: "c" } code:
                    markdown.Append('`').Append(code.Value).Append('`');
                    break;
                case XElement inner:
                    Write(inner, markdown);
                    break;
            }
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
