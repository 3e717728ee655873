namespace Engine;

/// <summary>A list that does not change and is equal to another by its elements, so that a record that holds it is.</summary>
internal readonly struct ValueList<T> : IEquatable<ValueList<T>> where T : IEquatable<T>
{
    private readonly T[] _items;

    public ValueList(ReadOnlySpan<T> items) => _items = items.ToArray();

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public ReadOnlySpan<T> Span => _items;

    public bool Equals(ValueList<T> other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in _items)
        {
            hash.Add(item);
        }
        return hash.ToHashCode();
    }
}
