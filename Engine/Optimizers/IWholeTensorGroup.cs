namespace Engine;

/// <summary>A group under a rule that needs whole tensors: its parameters do not go through the sweep.</summary>
internal interface IWholeTensorGroup
{
    /// <summary>The rule's name.</summary>
    string RuleName { get; }

    /// <summary>Updates each parameter that has a gradient.</summary>
    void Update();
}
