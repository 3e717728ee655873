using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Engine;

namespace Examples.Formulas;

/// <summary>Reads the documentation comments of the engine from the file that the compiler writes beside the DLL.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads the file beside the running program.</summary>
    /// <exception cref="IOException">The file is missing.</exception>
    public static XmlDocumentation OfEngine() =>
        new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{typeof(IRule).Assembly.GetName().Name}.xml"),
            LoadOptions.PreserveWhitespace)
            .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value));

    /// <summary>The summary of a type or property, as one line of Markdown.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public string Summary(MemberInfo member)
    {
        StringBuilder markdown = new();
        Write(Element(member, "summary"), markdown);
        return Space().Replace(markdown.ToString(), " ").Trim();
    }

    /// <summary>The algorithm of a type: the lines of the code block in its remarks.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public string Algorithm(Type type)
    {
        XElement code = Element(type, "remarks").Element("code") ?? throw new KeyNotFoundException($"{Key(type)} has no algorithm.");
        string[] lines = [.. code.Value.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        int indent = lines.Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line[indent..]));
    }

    private XElement Element(MemberInfo member, string name) =>
        _members.TryGetValue(Key(member), out XElement? found) && found.Element(name) is { } element
            ? element
            : throw new KeyNotFoundException($"{Key(member)} has no {name}.");

    private static string Key(MemberInfo member) =>
        member is Type type ? $"T:{type.FullName}" : $"P:{TypeName(member.DeclaringType!)}.{member.Name}";

    private static string TypeName(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

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
                    string name = see.Attribute("cref")!.Value.Split('(')[0];
                    markdown.Append('`').Append(name[(name.LastIndexOfAny(['.', ':']) + 1)..].Split('`')[0]).Append('`');
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
