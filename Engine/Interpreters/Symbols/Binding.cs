namespace Engine;

/// <summary>The precedence of written text: text with a lower precedence than its place requires gets parentheses.</summary>
internal enum Binding
{
    Sum,
    Negative,
    Product,
    Power,
    Atom,
}
